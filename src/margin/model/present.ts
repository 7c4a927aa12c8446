/** Objects without members that are not there: an absent member and one that is undefined differ in JSON and in types. */

type Maybe<T> = { [Name in keyof T]: undefined extends T[Name] ? Name : never }[keyof T];
type Present<T> = Omit<T, Maybe<T>> & { [Name in Maybe<T>]?: Exclude<T[Name], undefined> };

/** The same members in the same order, without those that are undefined. Null, zero and empty text stay. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
