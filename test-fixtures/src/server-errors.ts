/** What a server has said about a dataset, and the cases in which we say it before the upload. */
export interface ServerError {
  /** The server's words, as people have posted them. */
  readonly message: string;
  /** Where they were read. */
  readonly source: string;
  /** Ids of cases that hold the same mistake; the rule of their folder reports it. */
  readonly cases: readonly string[];
}

/**
 * The refusals on record that a dataset can bring about. Those about a job, an account or a file id, and those of
 * moderation, which nobody can foresee exactly, have no place here.
 */
export const serverErrors: readonly ServerError[] = [
  {
    message:
      'Expected file to have JSONL format, where every line is a JSON dictionary. Line 1 is not a dictionary (HINT: line starts with: "{...").',
    source: 'openai/openai-python issue 426; OkGoDoIt/OpenAI-API-dotnet issue 59',
    cases: [
      'file/byte-order-mark/err/plain',
      'file/pretty-printed/err/indented',
      'file/json-array/err/an-element-a-line',
      'json/not-an-object/err/array-of-messages',
    ],
  },
  {
    message:
      'Expected file to have JSONL format, where every line is a valid JSON dictionary. Line 1 is not a dictionary …',
    source: 'the source of the OpenAI node of n8n, which looks for these words',
    cases: ['json/not-an-object/err/array-of-messages', 'json/syntax/err/trailing-comma-in-object'],
  },
  {
    message: 'Invalid file format for Fine-Tuning API. Must be.jsonl',
    source: 'test fixtures of API clients; openai/openai-python issue 727 has the same in other words',
    cases: ['file/wrong-extension/err/json'],
  },
  {
    message: 'Maximum content size limit (26214400) exceeded (26306794 bytes read)',
    source: 'StanGirard/speechdigest issue 1, of the audio endpoint',
    cases: ['file/too-large/err/one-byte-over'],
  },
  {
    message: 'File is too large.',
    source: 'bespokelabsai/curator issue 111, of a batch file',
    cases: ['file/too-large/err/one-byte-over'],
  },
  {
    message:
      "File 'file-…' is in prompt-completion format. The model gpt-3.5-turbo-0613 requires data in the chat-completion format.",
    source: 'chocohaim1121.tistory.com/143',
    cases: ['model/method-unsupported/err/completion-on-a-chat-model'],
  },
  {
    message: 'Training file has 7 example(s), but must have at least 10 examples',
    source: 'fixtures of openai-php/client',
    cases: ['dataset/too-few-examples/err/nine'],
  },
  {
    message: 'file-… has 5 example(s), but must have at least 10 examples',
    source: 'reports of users, at the creation of the job',
    cases: ['dataset/too-few-examples/err/nine'],
  },
  {
    message: 'Finetuning with o4-mini-2025-04-16 requires the reinforcement method of finetuning.',
    source: 'reports of users',
    cases: ['model/method-unsupported/err/supervised-on-o-series'],
  },
  {
    message: "Invalid file format. Example 100, message 2 Discriminator 'role' is missing in value",
    source: 'reports of users',
    cases: ['messages/missing-role/err/plain'],
  },
  {
    message:
      "Invalid file format. Input file file-… is in the fine-tune-chat format, but the specified fine-tuning job is not using 'supervised' as the training method (provided method=dpo).",
    source: 'reports of users',
    cases: ['format/method-mismatch/err/dpo-on-chat'],
  },
  {
    message: 'Unexpected file format, expected either prompt/completion pairs or chat messages.',
    source: 'reports of users',
    cases: ['format/unknown/err/nothing-known', 'format/mixed/err/completion-in-chat'],
  },
  {
    message: 'Invalid file format. Example 1 contains an extra "weight".',
    source: 'reports of users',
    cases: ['example/unknown-key/err/weight'],
  },
  {
    // Chat examples may have tools today; the cause of this one was never found out.
    message: 'Example 536 contains an extra "tools".',
    source: 'OpenAI developer community, topic 966285',
    cases: ['completion/invalid-example/err/tools', 'example/unknown-key/err/tools-beside-the-input-of-a-preference'],
  },
  {
    message: "Invalid file format. Example 1 is missing key 'input'.",
    source: 'reports of users',
    cases: ['preference/missing-key/err/input'],
  },
  {
    message: "Example X is missing key 'messages'",
    source: 'reports of users',
    cases: ['example/missing-messages/err/plain'],
  },
  {
    message: "'str' object has no attribute 'get'",
    source: 'OpenAI developer community, topic 1151915',
    cases: ['messages/invalid-content/err/list-of-strings', 'messages/not-an-object/err/string'],
  },
  {
    message:
      "Invalid file format. Example 1273 cannot be parsed. Error: line contains invalid json: Expecting ',' delimiter: line 1 column 79 (char 78) (line 1273)",
    source: 'fixtures of openai-php/client',
    cases: ['json/syntax/err/unescaped-quote', 'json/syntax/err/missing-comma-between-objects'],
  },
  {
    message: "System messages are not supported in 'reinforcement' examples",
    source: 'reports of users',
    cases: ['reinforcement/system-role/err/first'],
  },
  {
    message: 'The job failed due to an internal error',
    source: 'OpenAI developer community, topic 415162: a file with function examples, cause unconfirmed',
    cases: ['tools/undeclared-function/err/misspelt'],
  },
  {
    message: 'contains invalid schema (20)',
    source: 'microsoft-foundry/fine-tuning issue 23, of Azure',
    cases: ['tools/unanswered-call/err/azure', 'messages/consecutive-assistant/err/azure-after-a-function-call'],
  },
];
