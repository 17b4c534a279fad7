/** The thread in which questions about policies are answered, one after the other. */
import { parentPort } from 'node:worker_threads';
import { answerPolicyQuestion, type PolicyQuestion } from './policy-questions.ts';

const port = parentPort!; // it is loaded as a worker
port.on('message', ({ id, question }: { readonly id: number; readonly question: PolicyQuestion }) => {
  port.postMessage({ id, answer: answerPolicyQuestion(question) });
});
