import tseslint from 'typescript-eslint';

/** What scripts use of Node's globals. */
const globalsOfNode = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'Buffer',
  'FormData',
  'TextDecoderStream',
  'URL',
  'URLSearchParams',
  'clearInterval',
  'clearTimeout',
  'console',
  'fetch',
  'module',
  'performance',
  'process',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.demo', '.test', 'coverage', 'data', 'ui/src/api/schema.d.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'max-lines': ['error', { max: 300 }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 16],
      'no-console': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'variable',
          modifiers: ['const', 'global'],
          types: ['number'],
          format: ['UPPER_CASE'],
          custom: {
            regex: '^(MOST|LONGEST|LARGEST|DEEPEST|HIGHEST|SHORTEST|SMALLEST)_|_(LIMIT|LENGTH|SIZE)$',
            match: false,
          },
        },
        {
          selector: 'variable',
          modifiers: ['const', 'global'],
          format: ['camelCase', 'PascalCase'],
          // PascalCase would let NAMES pass.
          custom: { regex: '^[A-Z][A-Z0-9]+$', match: false },
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Error']",
          message: 'Throw a SlipwayError with a code (src/errors.ts).',
        },
        { selector: 'TSAsExpression > TSAsExpression', message: 'No forced casts.' },
        {
          selector:
            ':matches(PropertyDefinition, MethodDefinition)[accessibility=/private|protected/][kind!=constructor]',
          message: 'A private member is #name. `private` is for constructors and their parameters only.',
        },
        {
          selector:
            'CallExpression[callee.property.name=/^(trace|debug|info|warn|error|fatal)$/][callee.object.name!="console"] > :matches(Literal[value=/^[A-Z][a-z]|\\.$/], TemplateLiteral[quasis.0.value.raw=/^[A-Z][a-z]/], TemplateLiteral:has(TemplateElement[tail=true][value.raw=/\\.$/])):last-child',
          message: 'A log message is a fragment in lower case without a full stop.',
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read in config/load.ts only.' },
        { object: 'Date', property: 'now', message: 'Take a Clock.' },
        { object: 'AbortSignal', property: 'any', message: 'Use abortWith (src/clock.ts), which says why.' },
      ],
    },
  },
  {
    // Pages and their parts are components: markup makes functions long that do little.
    files: ['ui/src/**/*.{ts,tsx}'],
    rules: {
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 16],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text from outside is text: make nodes.' },
        { property: 'dangerouslySetInnerHTML', message: 'Text from outside is text: make nodes.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='style']", message: 'The Content-Security-Policy allows no inline style.' },
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text from outside is text: make nodes.',
        },
      ],
    },
  },
  {
    files: ['src/cli.ts', 'src/cli/serve.ts', 'src/main.ts', 'src/system-clock.ts', 'src/config/load.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  { files: ['src/errors.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['ui/public/*.js'], languageOptions: { globals: { document: 'readonly', localStorage: 'readonly' } } },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { globals: Object.fromEntries(globalsOfNode.map((name) => [name, 'readonly'])) },
    // TypeScript finds unknown names in its own files only.
    rules: { '@typescript-eslint/no-require-imports': 'off', 'no-undef': 'error' },
  },
);
