/** What people do with the bot again and again, and what they see of it. */

import type { Playground } from "../../src/playground/server.ts";
import type { Call } from "../../src/playground/state/call-log.ts";
import type { MessageView } from "../../src/playground/state/view.ts";
import type { Person, Press } from "../../src/playground/test-api/people.ts";

/** A person in one chat or topic. */
export type Speaker = ReturnType<Person["in"]>;

const DEED = /^(?:Add|Remove) [\d.]+ \w+ · \S+ (?:long|short)$/;
/** The end of every verdict: the row's number and the first sixteen digits of its hash. */
export const ANCHOR = /\n#(\d+) ([0-9a-f]{16})$/;

/** Says something and waits for the first answer that matches. */
export async function asks(speaker: Speaker, text: string, answer: RegExp): Promise<MessageView> {
  const said = speaker.says(text);
  return speaker.chat.waitFor(answer, { after: said.id });
}

const texts = (message: MessageView) => message.buttons.flat().map((button) => button.text);

/** The button of a card that carries it out. */
export function deedOf(card: MessageView): { text: string; data: string } {
  const button = card.buttons.flat().find((one) => DEED.test(one.text));
  if (button?.data === undefined) throw new Error(`There is no deed among ${texts(card).join(", ")}.`);
  return { text: button.text, data: button.data };
}

export function cancelOf(card: MessageView): string {
  const data = card.buttons.flat().find((one) => one.text === "Cancel")?.data;
  if (data === undefined) throw new Error(`There is no Cancel among ${texts(card).join(", ")}.`);
  return data;
}

/** The card that comes after a message. */
export function cardAfter(speaker: Speaker, said: { id: number }): Promise<MessageView> {
  return speaker.chat.waitFor((message) => message.id > said.id && texts(message).some((text) => DEED.test(text)));
}

/** The card that a line such as `/margin btc long 50` gets. */
export function cardFor(speaker: Speaker, line: string): Promise<MessageView> {
  return cardAfter(speaker, speaker.says(line));
}

/** Presses the adjustment of this very card. */
export function confirms(speaker: Speaker, card: MessageView): Press {
  return speaker.pressesData(card, deedOf(card).data);
}

/** The card as it is once it has no buttons any more. */
export function closed(speaker: Speaker, card: MessageView): Promise<MessageView> {
  return speaker.chat.waitFor((message) => message.id === card.id && message.buttons.length === 0);
}

/** The newest verdict on a card: a new message in reply to it that begins with the words of the contract. */
export function verdictOn(
  speaker: Speaker,
  card: MessageView,
  word = /^(?:Done|Not done|Not known yet)\b/,
): Promise<MessageView> {
  return speaker.chat.waitFor((message) => message.replyTo === card.id && word.test(message.text));
}

/** All verdicts on a card until now. */
export function verdicts(speaker: Speaker, card: MessageView): readonly MessageView[] {
  return speaker.chat
    .messages()
    .filter((message) => message.byBot && message.replyTo === card.id && ANCHOR.test(message.text));
}

/** Settles when the bot makes such a call, from now on. */
export function called(telegram: Playground, matches: (call: Call) => boolean): Promise<Call> {
  return new Promise((resolve) => {
    const end = telegram.failWhen((call) => {
      if (!matches(call)) return undefined;
      end();
      resolve(call);
      return undefined;
    });
  });
}

/** The id of the adjustment that a text such as `Not known yet` or a refusal names. */
export function adjustmentNamed(text: string): string {
  const id = /adjustment (\w{8,20})/i.exec(text)?.[1];
  if (id === undefined) throw new Error(`No adjustment is named in: ${text}`);
  return id;
}
