/** Vite gives the text of a style sheet that is asked for in this way. */

declare module "*.css?inline" {
  const text: string;
  export default text;
}
