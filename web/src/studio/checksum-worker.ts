/**
 * Worker that computes the checksum of a file. It answers with `{share}`, at last with `{digest}`, or with `{error}`.
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** Files may be larger than the memory. WebCrypto takes a whole file at once, so it cannot be used. */
const READ_BYTES = 4 * 2 ** 20;

onmessage = async ({ data: file }: MessageEvent<File>) => {
  try {
    const hash = sha256.create();
    for (let at = 0; at < file.size; at += READ_BYTES) {
      hash.update(new Uint8Array(await file.slice(at, at + READ_BYTES).arrayBuffer()));
      postMessage({ share: Math.min(1, (at + READ_BYTES) / file.size) });
    }
    postMessage({ digest: bytesToHex(hash.digest()) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
