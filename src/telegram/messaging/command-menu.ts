/** What Telegram shows before anything is typed: the commands of each kind of chat, and the menu button. */
import { menuWords } from "../words/menu.ts";
import type { Chat } from "./context.ts";
import { faultOf } from "./errors.ts";

/** Sets the commands; one that cannot be set is logged, and is no reason not to start. */
export async function setMenu({ api, log, adminIds }: Pick<Chat, "api" | "log" | "adminIds">): Promise<void> {
  const { members, groups, admins } = menuWords;
  const attempt = async (what: string, call: () => Promise<unknown>) => {
    await call().catch((error: unknown) => log("warn", "menu_not_set", { what, fault: faultOf(error) }));
  };
  await Promise.all([
    attempt("private", () => api.setMyCommands(members, { scope: { type: "all_private_chats" } })),
    attempt("groups", () => api.setMyCommands(groups, { scope: { type: "all_group_chats" } })),
    attempt("default", () => api.setMyCommands(members)),
    attempt("button", () => api.setChatMenuButton({ menu_button: { type: "commands" } })),
    // Telegram knows no chat with an admin who never wrote to the bot: that one sees the members' list until the next start.
    ...adminIds.map((id) =>
      attempt("admin", () => api.setMyCommands(admins, { scope: { type: "chat", chat_id: Number(id) } })),
    ),
  ]);
}
