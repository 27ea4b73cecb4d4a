// Open pages in a headless Chromium: print what axe-core finds, and every request, as JSON.
// node axe.cjs CHROMIUM PAGE...; NODE_PATH leads to axe-core and puppeteer-core.
const { readFileSync } = require("node:fs");
const puppeteer = require("puppeteer-core");

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [executablePath, ...pages] = process.argv.slice(2);

(async () => {
  const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
  const found = [];
  for (const path of pages) {
    const page = await browser.newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith("file:") && !request.url().startsWith("data:"))
        found.push(`${path}: request of ${request.url()}`);
    });
    await page.goto(`file://${path}`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    for (const { id, nodes } of violations) found.push(`${path}: ${id}: ${nodes[0].html}`);
    await page.close();
  }
  await browser.close();
  console.log(JSON.stringify(found));
})();
