declare module "virtual:catalogue/*" {
  const text: string;
  export default text;
}

declare module "virtual:texts/*" {
  const texts: string;
  export default texts;
}
