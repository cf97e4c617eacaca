/** Names and ids of containers and volumes as the engine takes them. Anything else in a path could ask for something else. */
const known = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

export const isName = (text: string): boolean => known.test(text);
