import { InvalidInput, parseArn } from '../../../libs/aws/index.ts';

/** Kinds of EC2 resources that each scenario of `ResourceHandlingOption` must bring (IAM API, `SimulateCustomPolicy`). */
const scenarios: ReadonlyMap<string, readonly string[]> = new Map([
  ['EC2-Classic-InstanceStore', ['instance', 'image', 'security-group']],
  ['EC2-Classic-EBS', ['instance', 'image', 'security-group', 'volume']],
  ['EC2-VPC-InstanceStore', ['instance', 'image', 'security-group', 'network-interface']],
  ['EC2-VPC-InstanceStore-Subnet', ['instance', 'image', 'security-group', 'network-interface', 'subnet']],
  ['EC2-VPC-EBS', ['instance', 'image', 'security-group', 'network-interface', 'volume']],
  ['EC2-VPC-EBS-Subnet', ['instance', 'image', 'security-group', 'network-interface', 'subnet', 'volume']],
]);

/**
 * Checks that the resources of a simulation are those that its scenario needs.
 *
 * @throws InvalidInput an unknown scenario, or resources that are missing
 */
export function checkResourceHandling(option: string | undefined, resourceArns: readonly string[]): void {
  if (option === undefined) return;
  const needed = scenarios.get(option);
  if (needed === undefined)
    throw new InvalidInput(`Invalid ResourceHandlingOption: ${option}. It must be one of ${[...scenarios.keys()].join(', ')}.`);
  const present = new Set(resourceArns.map((arn) => parseArn(arn)).map((arn) => (arn?.service === 'ec2' ? arn.resource.split('/')[0] : undefined)));
  const missing = needed.filter((kind) => !present.has(kind));
  if (missing.length > 0) throw new InvalidInput(`The scenario ${option} needs resources of these types too: ${missing.join(', ')}.`);
}
