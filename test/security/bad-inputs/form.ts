import { body, each, iam, type Rows } from './bad-input.ts';

const version = 'Version=2010-05-08';
const createUser = `Action=CreateUser&${version}`;
const listUsers = `Action=ListUsers&${version}`;

export const form: Rows = {
  Q01: [body(''), body(version)],
  Q02: [body(`Action=&${version}`)],
  Q03: [body(`Action=NoSuchThing&${version}`)],
  Q04: [
    body(`Action=listusers&${version}`),
    body(`action=ListUsers&${version}`, { expected: '400 MissingAction', why: 'the parameter is called Action' }),
  ],
  Q05: ['constructor', '__proto__', 'toString', 'hasOwnProperty'].map((action) => body(`Action=${action}&${version}`)),
  Q06: [body(`${listUsers}&Action=DeleteUser&UserName=Bob`)],
  Q07: [body(`Action=DeleteUser&${version}&UserName=Bob`, { target: '/?Action=ListUsers' })],
  Q08: [body(`${createUser}&UserName=q08&username=Bob`)],
  Q09: [body('Action=ListUsers&Version=1999-01-01')],
  Q10: [body('Action=ListUsers', { why: 'the protocol has no version but by this parameter' })],
  Q11: [body(`${createUser}&UserName[]=a`)],
  Q12: [body(`${createUser}&UserName[toString]=x`)],
  Q13: [body(`${createUser}&UserName=a&__proto__[admin]=1`)],
  Q14: [body(`${createUser}&UserName=%ZZ`), body(`${createUser}&UserName=%`)],
  Q15: [body(`${createUser}&UserName=%FF%FE`), body(Buffer.concat([Buffer.from(`${createUser}&UserName=`), Buffer.from([0xff, 0xfe])]))],
  Q16: [body(`${createUser}&UserName=%C0%AF`)],
  Q17: [body(`${createUser}&UserName=%ED%A0%80`)],
  Q18: [body(`${createUser}&UserName=a%00b`)],
  Q19: [body(`Action=ListUsers;UserName=b&${version}`)],
  Q20: [body(`${listUsers}&=x`)],
  Q21: [body(`${listUsers}&${Array.from({ length: 999 }, (_, index) => `p${index}=1`).join('&')}`)],
  Q22: [body(`${listUsers}&${'n'.repeat(1_000_000)}=1`)],
  Q23: [body(`${createUser}&UserName=a&Tags.member.0.Key=a`)],
  Q24: [body(`${createUser}&UserName=a&Tags.member.1.Key=a&Tags.member.1.Value=&Tags.member.3.Key=b&Tags.member.3.Value=`)],
  Q25: [body(`${createUser}&UserName=a&Tags.member.999999999.Key=a`)],
  Q26: ['01', '1e3', '-1', '%2B1', '1.0', ''].map((index) => body(`${createUser}&UserName=a&Tags.member.${index}.Key=a`)),
  Q27: [body(`${createUser}&UserName=a&Tags.member.1.Key=a&Tags.member.1.Key=b`)],
  Q28: [body(`${createUser}&UserName=a&Tags.member.1.Value=b`)],
  Q29: ['abc', '1.5', '1e2', '0x10', '%2010', ''].map((value) => body(`${listUsers}&MaxItems=${value}`)),
  Q30: ['0', '-1', '1001'].map((value) => body(`${listUsers}&MaxItems=${value}`)),
  Q31: [body(`${listUsers}&MaxItems=99999999999999999999`)],
  Q32: each(['TRUE', '1', 'yes'], (SetAsDefault) =>
    iam('CreatePolicyVersion', { PolicyArn: 'arn:aws:iam::000000000001:policy/any', PolicyDocument: '{}', SetAsDefault }),
  ),
  Q33: [body('{"Action":"ListUsers"}', { type: 'application/json' })],
  Q34: [body(listUsers, { type: 'application/x-www-form-urlencoded; charset=iso-8859-1' })],
  Q35: [body(listUsers, { type: 'application/x-www-form-urlencoded; charset=utf-16' })],
  Q36: [body(listUsers, { type: 'multipart/form-data; boundary=a' }), body(listUsers, { type: 'x/application/x-www-form-urlencoded' })],
  Q37: [body(listUsers, { type: null })],
  Q38: [body(`\uFEFF${listUsers}`)],
  Q39: [body(listUsers, { method: 'GET' })],
  Q40: [body(`${createUser}&UserName=q40&Admin=true&Nonsense.member.1=x`), body(`${listUsers}&Nonsense=1`)],
};
