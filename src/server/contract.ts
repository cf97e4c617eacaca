/**
 * A dependency in /readyz: `ok`, or a sentence that says what is wrong. Four are always ok, and their messages tell: `setAside` names the
 * set-asides, `configuration` the faults of a changed file that was not taken, `waiting` what looks and builds wait for and until when, `hosts`
 * the hosts that are away.
 */
export interface Readiness {
  check(): Promise<
    Readonly<
      Record<
        'engine' | 'registry' | 'store' | 'git' | 'disk' | 'setAside' | 'configuration' | 'waiting' | 'hosts',
        { readonly ok: boolean; readonly message: string }
      >
    >
  >;
}
