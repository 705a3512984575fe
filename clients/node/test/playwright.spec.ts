// localfax exec -- npx playwright test
import { expect, test as base } from "@playwright/test";
import { playwrightFixtures, type Sandbox } from "localfax";

const test = base.extend<{ faxcloud: Sandbox }>(playwrightFixtures);

test("a fax that breaks off is none", async ({ faxcloud }) => {
  await faxcloud.receive({
    vendor: "ifax", to: "+12125550100", from: "+12125550188", force: true, pages: 2, scenario: "line_error",
  });
  await faxcloud.settle();
  expect((await faxcloud.faxes())[0]?.state).toBe("failed");
});
