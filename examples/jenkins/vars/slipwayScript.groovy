/**
 * What slipwayBuild and slipwayDeploy share: runs slipway.sh with these values and returns its result as a map. Fails with its message.
 * The values reach the shell by the environment alone, so no letter in them means anything to it.
 */
def call(String action, Map arguments, List options) {
  for (name in arguments.keySet()) {
    if (!options.contains(name)) error("${label(action)} has no option '${name}'. It has ${options.join(', ')}.")
  }
  def address = arguments.url ?: env.SLIPWAY_URL
  if (!address) error("${label(action)} needs url, or SLIPWAY_URL in the environment.")

  // The script says how it ended in its last line, so that the reason of a failure is not lost with its exit code.
  def values = ["SLIPWAY_ACTION=${action}", "SLIPWAY_URL=${address}", 'SLIPWAY_REPORT=1', 'SLIPWAY_OUTPUT=']
  // An empty value takes a variable away that the job may have.
  for (name in options) {
    if (name in ['url', 'credentialsId', 'wait', 'cancelOnAbort']) continue
    values << "SLIPWAY_${name.toUpperCase()}=${arguments[name] == null ? '' : arguments[name]}"
  }
  values << "SLIPWAY_NO_WAIT=${arguments.wait == false ? '1' : ''}"
  values << "SLIPWAY_CANCEL_ON_ABORT=${arguments.cancelOnAbort ? '1' : ''}"

  def said = ''
  withCredentials([string(credentialsId: arguments.credentialsId ?: 'slipway-token', variable: 'SLIPWAY_TOKEN')]) {
    // withEnv puts in variables, of which the token is one: `$$` is a plain `$`.
    withEnv(values.collect { it.toString().replace('$', '$$') }) {
      said = sh(label: "${label(action)} ${arguments.service}", returnStdout: true, script: libraryResource('slipway/slipway.sh'))
    }
  }
  def result = [:]
  for (line in said.split('\n')) {
    def at = line.indexOf('=')
    if (at > 0) result[line.substring(0, at)] = line.substring(at + 1)
  }
  if (result.exit != '0') error("${label(action)}: ${result.message ?: 'slipway.sh ended early.'}")
  result.remove('exit')
  return result
}

private String label(String action) {
  return action == 'build' ? 'slipwayBuild' : 'slipwayDeploy'
}
