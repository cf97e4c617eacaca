/** One dependency as /readyz names it: `ok`, or what is wrong in a sentence. `setAside` is always ok, and names what was set aside. */
export interface Readiness {
  check(): Promise<
    Readonly<
      Record<
        'engine' | 'registry' | 'store' | 'git' | 'disk' | 'setAside',
        { readonly ok: boolean; readonly message: string }
      >
    >
  >;
}
