import { groupDigits } from '../byte-size.js';
import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const modelRetired = stageRule({
  id: 'model/retired',
  severity: 'warning',
  stage: 'file',
  description: 'The provider has published the day on which the named base model is shut down.',
  message: ({ model, date, days }: { model: string; date: string; days: number; isPast: boolean }) =>
    days > 0
      ? `model ${quote(model)} is shut down on ${date}, in ${groupDigits(days)} ${days === 1 ? 'day' : 'days'}, and what is fine-tuned from it with it`
      : `model ${quote(model)} was shut down on ${date}: it can no longer be fine-tuned`,
  help: () => 'name a base model that stays',
});
