// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.cli.replica.NoReplicaException;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaAnswer;
import io.nodeqos.history.HistoryQuery;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The latest transitions of all nodes, as a replica has them. */
final class DumpedHistory {
  private static final int MOST = 50_000;

  private final ReplicaAccess replicas;

  DumpedHistory(ReplicaAccess replicas) {
    this.replicas = replicas;
  }

  /**
   * Reads them, the newest last.
   *
   * @param missing receives a sentence when no replica answers
   */
  Optional<JsonArray> read(Collection<String> missing) {
    Map<String, String> query = new HashMap<>();
    query.put("limit", Integer.toString(HistoryQuery.MAX_LIMIT));
    JsonArray all = new JsonArray();
    try {
      JsonObject page;
      do {
        ReplicaAnswer answer = replicas.get("/history", query);
        if (!answer.isOk()) {
          missing.add("The history is not in the dump: " + answer.refusal());
          return Optional.empty();
        }
        page = answer.json();
        if (!(page.get("transitions") instanceof JsonArray older)) {
          missing.add(
              "The history is not in the dump: "
                  + answer.from()
                  + " answers, but not as a replica");
          return Optional.empty();
        }
        if (older.isEmpty()) {
          return Optional.of(all);
        }
        older.addAll(all);
        all = older;
        query.put("before", page.has("before") ? page.get("before").getAsString() : "");
      } while (page.has("before") && all.size() < MOST);
    } catch (NoReplicaException e) {
      missing.add("The history is not in the dump: " + e.getMessage());
      return Optional.empty();
    }
    return Optional.of(all);
  }
}
