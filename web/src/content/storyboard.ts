/**
 * Storyboard of a video: the small picture of each time, as its WebVTT says.
 * @module
 */

const CUE = /(\d+):(\d\d):(\d\d\.\d{3}) --> \S+\s+(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

export type Tile = {startS: number, image: string, x: number, y: number, width: number, height: number};

/** @param text of the WebVTT @param url of the WebVTT */
export function tilesOf(text: string, url: string): Tile[] {
  return [...text.matchAll(CUE)].map(([, hours, minutes, seconds, name, x, y, width, height]) => ({
    startS: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), image: new URL(name, new URL(url, location.href)).href,
    x: Number(x), y: Number(y), width: Number(width), height: Number(height),
  }));
}

/** Show the picture of a time in an element. */
export function showTile(place: HTMLElement, tiles: Tile[], atS: number) {
  const tile = tiles.findLast(({ startS }) => startS <= atS);
  place.hidden = !tile;
  if (!tile) return;
  Object.assign(place.style, { width: `${tile.width}px`, height: `${tile.height}px`, backgroundImage: `url("${tile.image}")`, backgroundPosition: `-${tile.x}px -${tile.y}px` });
}
