/** Lets something happen right before or after the first call of a method of a fake. Afterwards the method is as it was. */
export function onCall<T extends object>(
  target: T,
  method: keyof T & string,
  happens: () => void | Promise<void>,
  when: 'before' | 'after' = 'before',
): void {
  const own: unknown = target[method];
  if (typeof own !== 'function') throw new Error(`${method} is no method.`);
  Object.assign(target, {
    async [method](...given: unknown[]): Promise<unknown> {
      Object.assign(target, { [method]: own });
      if (when === 'before') await happens();
      const result: unknown = await Reflect.apply(own, target, given);
      if (when === 'after') await happens();
      return result;
    },
  });
}
