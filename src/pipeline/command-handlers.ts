import { Inject, type Type } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AwsCommand, Operation } from '../iam/operation.ts';
import { callOf, type Outcome } from './incoming-call.ts';
import { Pipeline } from './pipeline.ts';

/** Registers an operation with Nest's command bus: its handler sends the command down the pipeline. */
export function commandHandlerFor(operation: Operation): Type<ICommandHandler> {
  @CommandHandler(operation.command)
  class Handler implements ICommandHandler<AwsCommand<unknown>, Outcome> {
    constructor(@Inject(Pipeline) private readonly pipeline: Pipeline) {}

    execute(command: AwsCommand<unknown>): Promise<Outcome> {
      return this.pipeline.run(operation, command, callOf(command));
    }
  }
  Object.defineProperty(Handler, 'name', { value: `${operation.name}Handler` });
  return Handler as Type<ICommandHandler>;
}
