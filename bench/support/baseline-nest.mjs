/**
 * The ceiling of the framework: a Nest application on Express with one controller, set up as the server is, that reads the body and answers
 * something of the size of our answer. JavaScript, because decorators are not erasable: they are applied by hand.
 */
import 'reflect-metadata';
import { All, Controller, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const body = 'x'.repeat(Number(process.env['ANSWER_BYTES'] ?? 500));

class EchoController {
  async handle(request, response) {
    const chunks = [];
    await new Promise((resolve) => request.on('data', (chunk) => chunks.push(chunk)).on('end', resolve));
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': body.length });
    response.end(body);
  }
}
Controller()(EchoController);
Req()(EchoController.prototype, 'handle', 0);
Res()(EchoController.prototype, 'handle', 1);
All('{*path}')(EchoController.prototype, 'handle', Object.getOwnPropertyDescriptor(EchoController.prototype, 'handle'));

class EchoModule {}
Module({ controllers: [EchoController] })(EchoModule);

const app = await NestFactory.create(EchoModule, { bodyParser: false, logger: false });
app.disable('x-powered-by');
app.disable('etag');
await app.listen(0, '127.0.0.1');
process.stdout.write(`listens on http://127.0.0.1:${app.getHttpServer().address().port}\n`);
process.once('SIGTERM', () => process.exit(0));
