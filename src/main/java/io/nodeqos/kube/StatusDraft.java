// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.io.IOException;
import okhttp3.ResponseBody;

/** A {@code meta/v1 Status} while it is being read, or nothing of it. */
final class StatusDraft {
  int code;
  String reason = "";
  String message = "";
  long retryAfterSeconds;

  /** Reads the body of an answer, in the encoding that it says it has. */
  void read(ResponseBody body) throws IOException {
    if (!Encoding.isProtobuf(body)) {
      read(new JsonTolerantReader(body.charStream()));
      return;
    }
    byte[] bytes = body.bytes();
    ProtobufEnvelope status = ProtobufEnvelope.open(bytes, 0, bytes.length);
    read(new ProtobufTolerantReader(bytes, status.from(), status.to(), KubernetesMessages.STATUS));
  }

  /** Reads the next value; one that is no Status leaves the fields empty. */
  void read(TolerantReader in) throws IOException {
    in.object(
        field -> {
          switch (field) {
            case "code" -> code = (int) in.wholeNumber();
            case "reason" -> reason = in.string();
            case "message" -> message = in.string();
            case "details" ->
                in.object(
                    detail -> {
                      if (detail.equals("retryAfterSeconds")) {
                        retryAfterSeconds = in.wholeNumber();
                      } else {
                        in.skip();
                      }
                    });
            default -> in.skip();
          }
        });
  }
}
