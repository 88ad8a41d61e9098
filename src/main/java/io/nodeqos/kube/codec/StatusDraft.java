// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.kube.wire.KubernetesMessages;
import io.nodeqos.kube.wire.ProtobufEnvelope;
import io.nodeqos.kube.wire.ProtobufTolerantReader;
import io.nodeqos.kube.wire.TolerantReader;
import java.io.IOException;
import okhttp3.ResponseBody;

/** A {@code meta/v1 Status} while it is being read, or nothing of it. */
public final class StatusDraft {
  public int code;
  public String reason = "";
  public String message = "";
  public long retryAfterSeconds;

  /** Reads the body of an answer, in the encoding of its media type. */
  public void read(ResponseBody body) throws IOException {
    if (!ProtobufEnvelope.isIn(body)) {
      read(new JsonTolerantReader(body.charStream()));
      return;
    }
    byte[] bytes = body.bytes();
    ProtobufEnvelope status = ProtobufEnvelope.open(bytes, 0, bytes.length);
    read(new ProtobufTolerantReader(bytes, status.from(), status.to(), KubernetesMessages.STATUS));
  }

  /** Reads the next value; one that is no Status leaves the fields empty. */
  public void read(TolerantReader in) throws IOException {
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
