// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * The answer of a replica.
 *
 * @param from the replica, in words
 * @param status of HTTP
 */
public record ReplicaAnswer(String from, int status, String body) {
  public boolean isOk() {
    return status == 200;
  }

  /**
   * The body as an object.
   *
   * @throws NoReplicaException when it is none, so that this is no replica
   */
  public JsonObject json() throws NoReplicaException {
    try {
      return JsonParser.parseString(body).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new NoReplicaException(from + " answers, but not as a replica (HTTP " + status + ")");
    }
  }

  /** The sentence with which the replica refuses the request, without a full stop. */
  public String refusal() throws NoReplicaException {
    JsonObject json = json();
    String sentence = json.has("error") ? json.get("error").getAsString() : "HTTP " + status;
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
