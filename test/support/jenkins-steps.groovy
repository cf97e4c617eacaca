/**
 * Runs steps of the shared library for Jenkins, with stand-ins for the steps of Jenkins that they use. `sh` really runs what it is given, by
 * the first line of the script, as Jenkins does. Arguments: the folder of the library, and a file in JSON: a list of runs with `code` (as in
 * a Jenkinsfile), `env` (of the job) and `secrets` (by id). Prints a list of `{result, error, console}` in JSON.
 */
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

class StepFailed extends RuntimeException {
  StepFailed(String message) { super(message) }
}

def (folder, file) = args as List

def run = { given ->
  def console = new StringBuilder()
  def environments = [new HashMap(given.env)]
  def binding = new Binding()
  def shell = new GroovyShell(getClass().classLoader, binding)

  /** As Jenkins gives environments to a body: values are taken as they are, and an empty one removes the name. */
  def within = { Map values, Closure body ->
    def merged = new HashMap(environments.last())
    values.each { name, value -> value == '' ? merged.remove(name) : merged.put(name, value) }
    environments << merged
    try {
      return body()
    } finally {
      environments.remove(environments.size() - 1)
    }
  }
  binding.env = environments[0]
  binding.error = { String message -> throw new StepFailed(message) }
  binding.libraryResource = { String path -> new File("${folder}/resources/${path}").getText('UTF-8') }
  binding.string = { Map words -> [(words.variable): given.secrets[words.credentialsId]] }
  binding.withCredentials = { List found, Closure body ->
    found.each { one -> one.each { name, value -> if (value == null) throw new StepFailed('no such credential') } }
    within(found.inject([:]) { all, one -> all + one }, body)
  }
  binding.withEnv = { List pairs, Closure body ->
    // As Jenkins does, with the variables that are there: EnvVars.overrideExpandingAll.
    def expanded = { String text ->
      text.replaceAll(/\$([A-Za-z0-9_]+|\{[A-Za-z0-9_.]+\}|\$)/) { all, name ->
        name == '$' ? '$' : (environments.last()[name.replaceAll('[{}]', '')] ?: all)
      }
    }
    within(pairs.collectEntries { String pair ->
      def (name, text) = pair.split('=', 2) as List
      [(name): expanded(text)]
    }, body)
  }
  binding.sh = { Map words ->
    assert words.returnStdout
    def script = File.createTempFile('script', '.sh')
    try {
      script.setText(words.script, 'UTF-8')
      def (interpreter) = (words.script =~ /^#!(\S+)\n/)[0][1..-1]
      def process = new ProcessBuilder(interpreter, script.path)
      process.environment().clear()
      process.environment().putAll([PATH: System.getenv('PATH')] + environments.last())
      def started = process.start()
      console << "[${words.label}]\n"
      def reader = Thread.start { console << started.errorStream.getText('UTF-8') }
      def said = started.inputStream.getText('UTF-8')
      reader.join()
      def code = started.waitFor()
      if (code != 0) throw new StepFailed("script returned exit code ${code}")
      return said
    } finally {
      script.delete()
    }
  }
  for (name in ['slipwayScript', 'slipwayBuild', 'slipwayDeploy']) {
    def step = shell.parse(new File("${folder}/vars/${name}.groovy"))
    binding.setVariable(name, { Object... words -> step.call(*words) })
  }
  try {
    return [result: shell.evaluate(given.code), error: null, console: console.toString()]
  } catch (StepFailed failed) {
    return [result: null, error: failed.message, console: console.toString()]
  }
}

println JsonOutput.toJson(new JsonSlurper().parse(new File(file)).collect(run))
