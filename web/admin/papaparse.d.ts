/** The part of papaparse that the page uses. Its own types bring those of Node.js with them, which a page has not. */

declare module "papaparse" {
  interface ParseError {
    readonly code: string;
    readonly message: string;
    readonly row?: number;
  }

  interface Parsed {
    readonly data: readonly (readonly string[])[];
    readonly errors: readonly ParseError[];
    readonly meta: { readonly delimiter: string };
  }

  const papaparse: {
    parse(
      text: string,
      how: { readonly skipEmptyLines: "greedy"; readonly delimitersToGuess: readonly string[] },
    ): Parsed;
  };
  export default papaparse;
}
