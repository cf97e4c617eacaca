/** Sends an artifact to Slipway, or asks it to look again, and waits for the image. slipwayBuild.txt has the options. */
def call(Map arguments = [:]) {
  def given = [:] + arguments
  if (!given.service) error('slipwayBuild needs service.')
  if (given.branch == null) given.branch = env.BRANCH_NAME ?: (env.GIT_BRANCH ?: '').replaceFirst('^origin/', '')
  if (given.commit == null) given.commit = env.GIT_COMMIT
  return slipwayScript('build', given, [
    'service', 'artifact', 'version', 'branch', 'commit', 'credentialsId', 'url', 'wait', 'key', 'patience', 'cancelOnAbort'
  ])
}
