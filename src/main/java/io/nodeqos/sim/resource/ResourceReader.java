// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.request.ApiRequest;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.Reply;
import io.nodeqos.sim.request.Representation;
import io.nodeqos.sim.store.ListSnapshots;
import io.nodeqos.sim.store.ObjectStore;
import io.nodeqos.sim.store.Selector;
import io.nodeqos.sim.store.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists objects, paged and consistent. */
public final class ResourceReader {
  private final ObjectStore store;
  private final ListSnapshots snapshots;

  public ResourceReader(ObjectStore store, ListSnapshots snapshots) {
    this.store = store;
    this.snapshots = snapshots;
  }

  Reply.Body list(
      ApiRequest request, ResourceType type, Selector selector, Representation representation) {
    ObjectStore.Snapshot snapshot = snapshot(request, type);
    ObjectKey after =
        request.parameter("continue").isEmpty()
            ? null
            : ListSnapshots.Position.parse(request.parameter("continue")).after();
    List<StoredObject> matching =
        snapshot.objects().stream()
            .filter(object -> after == null || object.key().compareTo(after) > 0)
            .filter(selector::matches)
            .toList();
    long limit = request.number("limit", 0);
    boolean paged = limit > 0 && matching.size() > limit;
    List<StoredObject> page = paged ? matching.subList(0, (int) limit) : matching;
    JsonObject metadata = new JsonObject();
    metadata.addProperty("resourceVersion", Long.toString(snapshot.version()));
    if (paged) {
      snapshots.keep(type.storage(), snapshot);
      ObjectKey last = page.get(page.size() - 1).key();
      metadata.addProperty(
          "continue", new ListSnapshots.Position(snapshot.version(), last).token());
      if (selector.isEverything()) {
        metadata.addProperty("remainingItemCount", matching.size() - limit);
      }
    }
    if (request.fault().orElse(null) instanceof Fault.PartialList partial) {
      page = page.subList(0, Math.min(partial.items(), page.size()));
    }
    List<byte[]> parts =
        representation.list(type, page.stream().map(StoredObject::json).toList(), metadata);
    return new Reply.Body(
        200,
        "application/json",
        parts,
        Map.of(),
        new Reply.ObjectVersion("", Long.toString(snapshot.version())));
  }

  private ObjectStore.Snapshot snapshot(ApiRequest request, ResourceType type) {
    String token = request.parameter("continue");
    String version = request.parameter("resourceVersion");
    String match = request.parameter("resourceVersionMatch");
    if (!match.isEmpty() && version.isEmpty()) {
      throw new ApiException(
          ApiStatus.invalidListOptions(
              Cause.forbidden(
                  "resourceVersionMatch",
                  "resourceVersionMatch is forbidden unless resourceVersion is provided")));
    }
    if (!token.isEmpty()) {
      if (!version.isEmpty() && !version.equals("0")) {
        throw new ApiException(
            ApiStatus.badRequest("specifying resource version is not allowed when using continue"));
      }
      return old(type, ListSnapshots.Position.parse(token).version(), true);
    }
    long wanted = request.number("resourceVersion", 0);
    ObjectStore.Snapshot current = store.snapshot(type.storage());
    if (wanted > current.version()) {
      throw new ApiException(ApiStatus.tooLargeResourceVersion(wanted, current.version()));
    }
    if (match.equals("Exact") && wanted != current.version()) {
      return old(type, wanted, false);
    }
    return current;
  }

  private ObjectStore.Snapshot old(ResourceType type, long version, boolean continued) {
    Optional<ObjectStore.Snapshot> found = snapshots.at(type.storage(), version);
    String message =
        continued
            ? "The provided continue parameter is too old to display a consistent list result."
                + " You must start a new list without the continue parameter."
            : "The resourceVersion for the provided list is too old.";
    return found.orElseThrow(() -> new ApiException(ApiStatus.expired(message)));
  }
}
