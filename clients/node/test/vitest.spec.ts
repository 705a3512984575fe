// localfax exec -- npx vitest run
import { vitestFixtures } from "localfax";
import { expect, test as base } from "vitest";

const test = base.extend(vitestFixtures);

test("a fax comes in", async ({ faxcloud }) => {
  await faxcloud.receive({ vendor: "ifax", to: "+12125550100", from: "+12125550188", force: true, pages: 2 });
  await faxcloud.settle();
  const [fax] = await faxcloud.faxes();
  expect(fax).toMatchObject({ state: "arrived", pages: { total: 2, sent: 2 } });
});
