// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.io.IOException;

/** A {@code meta/v1 Status} while it is being read, or nothing of it. */
final class StatusDraft {
  int code;
  String reason = "";
  String message = "";
  long retryAfterSeconds;

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
