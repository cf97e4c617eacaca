/** Asks Slipway to run a release of a service in an environment, and waits until it runs there. slipwayDeploy.txt has the options. */
def call(Map arguments = [:]) {
  def given = [:] + arguments
  if (!given.service || !given.environment) error('slipwayDeploy needs service and environment.')
  def targets = ['version', 'commit', 'branch', 'release', 'from']
  def named = 0
  for (target in targets) {
    if (given.containsKey(target) && !given[target]) error("slipwayDeploy: ${target} is empty.")
    if (given[target]) named++
  }
  if (named > 1) error("slipwayDeploy takes one of ${targets.join(', ')}.")
  // What this run was made of.
  if (named == 0) given.commit = env.GIT_COMMIT
  if (given.reference == null) given.reference = env.BUILD_TAG
  return slipwayScript('deploy', given, targets + [
    'service', 'environment', 'reference', 'reason', 'credentialsId', 'url', 'wait', 'key', 'patience', 'cancelOnAbort'
  ])
}
