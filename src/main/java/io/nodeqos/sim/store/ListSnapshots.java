// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The states for the next pages of started lists: the latest few. Thread-safe. */
public final class ListSnapshots {
  private static final int MAX_SNAPSHOTS = 64;

  private final Map<String, ObjectStore.Snapshot> snapshots = new LinkedHashMap<>();

  /** The position of a paged list: after this key of the state at this version. */
  public record Position(long version, ObjectKey after) {
    public String token() {
      JsonObject token = new JsonObject();
      token.addProperty("v", "meta.k8s.io/v1");
      token.addProperty("rv", version);
      token.addProperty("namespace", after.namespace());
      token.addProperty("name", after.name());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.encode(token));
    }

    /**
     * @throws ApiException 400 when it is not a token of this server
     */
    public static Position parse(String token) {
      try {
        byte[] json = Base64.getUrlDecoder().decode(token.getBytes(StandardCharsets.US_ASCII));
        JsonObject parsed = Json.parseObject(json);
        return new Position(
            Json.number(parsed, -1, "rv"),
            new ObjectKey(Json.string(parsed, "namespace"), Json.string(parsed, "name")));
      } catch (IllegalArgumentException | IllegalStateException | JsonParseException e) {
        throw new ApiException(
            ApiStatus.badRequest("continue key is not valid: " + e.getMessage()));
      }
    }
  }

  public synchronized void keep(String storage, ObjectStore.Snapshot snapshot) {
    snapshots.put(key(storage, snapshot.version()), snapshot);
    if (snapshots.size() > MAX_SNAPSHOTS) {
      snapshots.remove(snapshots.keySet().iterator().next());
    }
  }

  public synchronized Optional<ObjectStore.Snapshot> at(String storage, long version) {
    return Optional.ofNullable(snapshots.get(key(storage, version)));
  }

  public synchronized void clear() {
    snapshots.clear();
  }

  private static String key(String storage, long version) {
    return storage + "@" + version;
  }
}
