// Unpacks the browser of the npm package, for machines that have none, and prints where it is.
import chromium from "@sparticuz/chromium";

console.log(await chromium.executablePath());
