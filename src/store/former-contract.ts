/**
 * What became of a former name. `known`: the service has taken it over. `nothing`: it has no releases and deployments, so there is nothing to
 * take over. `both`: the service has some of its own, too. `open`: it can be taken over.
 */
export type FormerState = 'known' | 'nothing' | 'both' | 'open';

/** Names that services had before. They are remembered for good, because containers and volumes keep them. */
export interface FormerNames {
  /** What each former name is called now. A service that has its first name back is among them under that name. */
  all(): Promise<ReadonlyMap<string, string>>;
  /** The first name of a service, which its volumes have. Its own if it never had another. */
  first(service: string): Promise<string>;
  state(former: string, service: string): Promise<FormerState>;
  /**
   * Gives releases with their numbers and verdicts, deployments, and what is desired and was before to the new name, all or nothing. Changes
   * something only if the state was `open`, and resolves with that. Running deployments are pending again and due now, as by
   * `Housekeeping.recover`: their attempts are lost. From then on builds of the former name make no releases.
   */
  takeOver(former: string, service: string): Promise<FormerState>;
}
