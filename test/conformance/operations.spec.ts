import { describe, expect, it } from '@jest/globals';
import { MarkedIamCommand } from '../../src/iam/paging.ts';
import { isOptionalMember } from '../../src/iam/shape-validation.ts';
import { shapesOf } from '../../src/iam/shape-registry.ts';
import { declaredOperations } from '../support/declared-operations.ts';
import { differences, serviceModel, type ModelOperation } from '../support/service-model.ts';

const operations = await declaredOperations();
const models: Readonly<Record<string, Readonly<Record<string, ModelOperation>> | undefined>> = { iam: serviceModel('iam'), sts: serviceModel('sts') };
const present = models['iam'] !== undefined && models['sts'] !== undefined;

if (!present) {
  describe.skip("the inputs of the operations: not compared, because AWS's service models are not here (IAM_LEDGER_SHARED)", () => {
    it('are those of the model', () => {});
  });
} else {
  describe('the input of', () => {
    it.each(operations.map((operation) => [operation.name, operation] as const))('%s is that of the model', (name, { command, service }) => {
      const model = models[service]?.[name];
      expect(model).toBeDefined();
      const shapes = shapesOf(command);
      const found: string[] = [];
      for (const member of new Set([...shapes.keys(), ...Object.keys(model!.input)])) {
        const location = `${name}.${member}`;
        found.push(...differences(location, shapes.get(member), model!.input[member]));
        const required = model!.input[member]?.required ?? false;
        if (shapes.has(member) && isOptionalMember(command, member) === required)
          found.push(`${location}: required is ${!required}, in the model ${required}`);
      }
      expect(found).toEqual([]);
    });
  });

  describe('paging', () => {
    it.each(operations.map((operation) => [operation.name, operation] as const))(
      '%s answers in pages if and only if AWS does',
      (name, { command, service }) => {
        const members = models[service]![name]!.input;
        expect(Object.prototype.isPrototypeOf.call(MarkedIamCommand, command)).toBe('Marker' in members);
      },
    );
  });

  describe('the comparison itself', () => {
    it('notices every kind of difference', () => {
      const model = { shape: 'userNameType', type: 'string', min: 1, max: 64, pattern: '[a-z]+' } as const;
      const ours = { kind: 'string', name: 'userNameType', min: 1, max: 64, pattern: '[a-z]+' } as const;
      expect(differences('x', ours, model)).toEqual([]);
      expect(differences('x', { ...ours, min: 2 }, model)).toEqual(['x: min is 2, in the model 1']);
      expect(differences('x', { ...ours, max: 65 }, model)).toHaveLength(1);
      expect(differences('x', { ...ours, pattern: '[a-z]*' }, model)).toHaveLength(1);
      expect(differences('x', { ...ours, name: 'groupNameType' }, model)).toHaveLength(1);
      expect(differences('x', { ...ours, enum: ['a'] }, model)).toHaveLength(1);
      expect(differences('x', ours, { ...model, sensitive: true })).toEqual(['x: is sensitive in the model']);
      expect(differences('x', { ...ours, sensitive: true }, model)).toEqual([]);
      expect(differences('x', { kind: 'integer', name: 'userNameType', min: 1, max: 64 }, model)).toHaveLength(2);
      expect(differences('x', undefined, model)).toEqual(['x: is in the model alone']);
      expect(differences('x', ours, undefined)).toEqual(['x: is not in the model']);
    });

    it('looks into lists and structures', () => {
      const text = { kind: 'string', name: 't' } as const;
      const member = { shape: 's', type: 'structure', members: { A: { shape: 't', type: 'string', required: true } } } as const;
      const list = { kind: 'list', name: 'l', member: { kind: 'structure', name: 's', members: { A: { shape: text, required: true } } } } as const;
      expect(differences('x', list, { shape: 'l', type: 'list', member })).toEqual([]);
      const optional = { ...list, member: { ...list.member, members: { A: { shape: text, required: false } } } };
      expect(differences('x', optional, { shape: 'l', type: 'list', member })).toEqual(['x[].A: required is false']);
      const more = { ...list, member: { ...list.member, members: { ...list.member.members, B: { shape: text, required: false } } } };
      expect(differences('x', more, { shape: 'l', type: 'list', member })).toEqual(['x[].B: is not in the model']);
    });
  });
}
