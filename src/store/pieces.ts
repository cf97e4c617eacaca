/** Values in one statement: SQLite binds at most 32,766. */
const MAX_VALUES_TOGETHER = 500;

/** The values, as many at a time as one statement may have. */
export function pieces<T>(values: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(values.length / MAX_VALUES_TOGETHER);
  return Array.from({ length: count }, (_, index) =>
    values.slice(index * MAX_VALUES_TOGETHER, (index + 1) * MAX_VALUES_TOGETHER),
  );
}
