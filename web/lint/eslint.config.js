// The laws of the pages' code, checked with types. Prettier has the form; here is what could be wrong.

import { resolve } from "node:path";
import js from "@eslint/js";
import typescript from "typescript-eslint";
import { looseWords } from "./loose-words.js";

/** TypeScript and the tests are configured one folder up. */
const WEB = resolve(import.meta.dirname, "..");

export default typescript.config(
  { ignores: ["generated/", "wire.ts", "**/node_modules/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ["tsconfig.json", "tsconfig.test.json"], tsconfigRootDir: WEB } },
    rules: {
      "@typescript-eslint/explicit-function-return-type": ["error", { allowExpressions: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "no-restricted-syntax": [
        "error",
        {
          selector: ":matches(PropertyDefinition, MethodDefinition)[accessibility='private']",
          message: "Write #name: `private` is gone once the types are.",
        },
        {
          selector: ":matches(PropertyDefinition, MethodDefinition) > Identifier[name=/^_/]",
          message: "Write #name instead of an underscore.",
        },
      ],
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["words/**", "samples/**", "stage/**", "styles/**", "**/*.test.ts", "vite.config.ts"],
    plugins: { words: { rules: { loose: looseWords } } },
    rules: { "words/loose": "error" },
  },
  {
    files: ["**/*.test.ts", "samples/**"],
    rules: {
      // Whoever asks for a sample says which shape it has.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // `test` of node:test returns a promise that nobody needs to await.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test"] }] },
      ],
    },
  },
);
