// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import com.google.gson.JsonObject;
import io.nodeqos.text.TextFormat;
import java.util.List;
import java.util.function.Function;

/**
 * The answer of a replica, or one that was worked out from the API server.
 *
 * @param kind of the JSON object
 * @param body without apiVersion and kind
 * @param isWarm the node is, or all of the nodes are
 * @param said changes only when there is something new: no ages
 */
record ExplainAnswer(
    String kind,
    JsonObject body,
    boolean isWarm,
    String said,
    Function<TextFormat, List<String>> lines) {

  /** The part of a body that changes only when there is something new. */
  static String said(JsonObject body) {
    return body.has("why")
        ? body.get("warm") + body.get("why").getAsString()
        : body.get("warm") + "/" + body.get("nodes") + body.get("groups");
  }
}
