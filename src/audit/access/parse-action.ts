import { ValidationError } from '../../../libs/aws/index.ts';

/** The parts of `s3:GetObject`; of `s3:*` and `s3` the service alone. @throws ValidationError */
export function parseAction(text: string): { readonly service: string; readonly action?: string } {
  const [service = '', action] = text.split(':');
  if (!/^[A-Za-z0-9-]+$/.test(service) || (action !== undefined && action !== '*' && !/^[A-Za-z0-9_]+$/.test(action))) {
    throw new ValidationError('Action must be an action such as s3:GetObject, or a service such as s3:*.');
  }
  return action === undefined || action === '*' ? { service } : { service, action };
}
