/** The commands as Telegram's menu lists them, in English: what is needed in a hurry comes first. */

const margin = { command: "margin", description: "Add or remove margin" };
const positions = { command: "positions", description: "Open positions, riskiest first" };
const whatif = { command: "whatif", description: "What an amount would do, without a card" };
const repeat = { command: "repeat", description: "Propose your last deed again" };
const history = { command: "history", description: "What you did here" };
const cancel = { command: "cancel", description: "Stop the open question or card" };
const freeze = { command: "freeze", description: "Stop everything at once" };
const help = { command: "help", description: "What I can do" };
const unfreeze = { command: "unfreeze", description: "Let go of the brake" };
const settle = { command: "settle", description: "Settle an outcome that is not known" };
const audit = { command: "audit", description: "The last rows of the audit table" };

const members = [margin, positions, whatif, repeat, history, cancel, freeze, help];

/** The commands as Telegram's menu shows them. */
export const menuWords = {
  members,
  groups: [margin, positions, whatif, repeat, history, cancel, freeze, help],
  admins: [...members, unfreeze, settle, audit],
};
