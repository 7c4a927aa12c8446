/** What Telegram offers before anything is typed. */
import { expect, it } from "vitest";
import { asks, called } from "../support/talk.ts";
import { createWorld } from "../support/world.ts";

type Command = { command: string; description: string };

it("sets the commands for members, groups and admins, and the menu button", async () => {
  const world = await createWorld();
  const { telegram } = world;
  const button = called(telegram, ({ method }) => method === "setChatMenuButton");
  const admin = called(
    telegram,
    ({ method, params }) => method === "setMyCommands" && JSON.stringify(params["scope"]).includes("502"),
  );
  await world.start();
  expect((await button).params["menu_button"]).toMatchObject({ type: "commands" });
  const commands = (await admin).params["commands"] as Command[];
  const names = commands.map(({ command }) => command);
  expect(names.slice(0, 5)).toEqual(["margin", "positions", "whatif", "repeat", "history"]);
  expect(names).toEqual(expect.arrayContaining(["unfreeze", "settle", "audit"]));
});

it("starts although no command can be set", async () => {
  const world = await createWorld();
  world.telegram.failWhen(({ method }) =>
    method === "setMyCommands" || method === "setChatMenuButton"
      ? { kind: "error", code: 400, description: "Bad Request: no such scope" }
      : undefined,
  );
  const bot = await world.start();
  expect((await bot.logged("menu_not_set"))["fault"]).toMatch(/no such scope/);
  expect((await asks(world.ann, "/help", /What I can do/)).text).toMatch(/\/whatif/);
});
