/** A number for people: `400,000,000`. */
export const grouped = (number: number): string => number.toLocaleString('en-US');
