import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Express } from "express";

/** What `http.createServer` makes requests and responses of. */
export interface RequestClasses {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse<IncomingMessage>;
}

const NODES_OWN: RequestClasses = { IncomingMessage, ServerResponse };

/**
 * Express exchanges the prototype of every request and response for its own. The engine then forgets what it has
 * learned about both objects, which costs more than everything else Express does. So requests and responses are made
 * with the very prototypes that Express will ask for, and exchanging them changes nothing.
 *
 * By subclasses and no other way: objects made with `Reflect.construct` or `call` cost more than what is saved.
 */
export function createRequestClasses(app: Express): RequestClasses {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse<IncomingMessage> {}
  app.request = Object.setPrototypeOf(Request.prototype, app.request);
  app.response = Object.setPrototypeOf(Response.prototype, app.response);
  return { IncomingMessage: Request, ServerResponse: Response };
}

/**
 * The classes for this app if they make what Node and Express together would make; Node's own otherwise, which are
 * slower and never wrong. What is tested here is no promise of Node's or Express's.
 *
 * @param make replaced in tests
 */
export function provenRequestClasses(
  app: Express,
  make = createRequestClasses,
): { readonly classes: RequestClasses; readonly isFast: boolean } {
  const classes = make(app);
  const isFast = isProven(classes, app);
  return { classes: isFast ? classes : NODES_OWN, isFast };
}

function isProven(classes: RequestClasses, app: Express): boolean {
  try {
    const request = new classes.IncomingMessage(new Socket());
    const response = new classes.ServerResponse(request);
    const plain = new IncomingMessage(new Socket());
    return isAlike(request, plain, app.request) && isAlike(response, new ServerResponse(plain), app.response);
  } catch {
    return false;
  }
}

/** Has the state that Node gives it and the prototype that Express would give it. */
function isAlike(made: object, plain: object, prototype: object): boolean {
  const names = Reflect.ownKeys(plain);
  return (
    Object.getPrototypeOf(made) === prototype &&
    Reflect.ownKeys(made).length === names.length &&
    names.every((name) => Object.hasOwn(made, name))
  );
}
