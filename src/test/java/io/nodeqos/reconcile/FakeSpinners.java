// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerKey;
import io.nodeqos.reconcile.images.DaemonSetWriter;
import io.nodeqos.reconcile.images.SpinnerView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The DaemonSets of an API server and a cache that shows them at once by default. */
public final class FakeSpinners implements SpinnerView, DaemonSetWriter {
  private final Map<String, JsonObject> objects = new TreeMap<>();
  private final Map<String, SpinnerDaemonSet> cache = new TreeMap<>();
  private final Deque<WriteResult> answers = new ArrayDeque<>();
  private final List<String> calls = new ArrayList<>();
  private boolean synced = true;
  private boolean shows = true;
  private boolean pulls = true;
  private int uids;

  /** What was asked for, such as {@code create nodeqos-spinner-p}. */
  public List<String> calls() {
    return calls;
  }

  /** The next write is answered like this, and does nothing. */
  public void thenAnswer(WriteResult result) {
    answers.add(result);
  }

  public void synced(boolean value) {
    synced = value;
  }

  /** Whether the cache keeps up. */
  public void shows(boolean value) {
    shows = value;
    if (value) {
      cache.clear();
      objects.forEach((name, object) -> cache.put(name, view(name, object)));
    }
  }

  /** Whether the server has image volumes; one that has none drops them. */
  public void pulls(boolean value) {
    pulls = value;
  }

  private JsonObject stored(JsonObject object) {
    if (!pulls) {
      podSpec(object).remove("volumes");
    }
    return object;
  }

  private static JsonObject podSpec(JsonObject object) {
    return object.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec");
  }

  public JsonObject object(String name) {
    return objects.get(name);
  }

  /** Shows a DaemonSet that was not applied through this. */
  public void show(SpinnerDaemonSet daemonSet) {
    cache.put(daemonSet.name(), daemonSet);
  }

  @Override
  public boolean synced() {
    return synced;
  }

  @Override
  public Optional<SpinnerDaemonSet> spinner(String daemonSetName) {
    return Optional.ofNullable(cache.get(daemonSetName));
  }

  @Override
  public Collection<SpinnerDaemonSet> spinners() {
    return List.copyOf(cache.values());
  }

  @Override
  public WriteResult create(String json) {
    JsonObject object = JsonParser.parseString(json).getAsJsonObject();
    String name = object.getAsJsonObject("metadata").get("name").getAsString();
    calls.add("create " + name);
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    if (objects.containsKey(name)) {
      return new WriteResult.Conflict();
    }
    object.getAsJsonObject("metadata").addProperty("uid", "ds-" + ++uids);
    objects.put(name, stored(object));
    shows(shows);
    return new WriteResult.Ok("1");
  }

  @Override
  public WriteResult patch(String name, String json) {
    calls.add("patch " + name);
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    JsonObject patch = JsonParser.parseString(json).getAsJsonObject();
    JsonObject meta = patch.getAsJsonObject("metadata");
    if (!objects.containsKey(name)
        || !uid(objects.get(name)).equals(meta.get("uid").getAsString())) {
      return new WriteResult.Conflict();
    }
    objects.put(name, stored(patch));
    shows(shows);
    return new WriteResult.Ok("2");
  }

  @Override
  public WriteResult delete(String name, String uid) {
    calls.add("delete " + name);
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    objects.remove(name);
    shows(shows);
    return new WriteResult.Ok("");
  }

  private static String uid(JsonObject object) {
    return object.getAsJsonObject("metadata").get("uid").getAsString();
  }

  private static SpinnerDaemonSet view(String name, JsonObject object) {
    JsonObject meta = object.getAsJsonObject("metadata");
    JsonObject labels = meta.getAsJsonObject("labels");
    return new SpinnerDaemonSet(
        name,
        uid(object),
        SpinnerKey.of(labels.get(Keys.SPINNER).getAsString()).policy(),
        labels.get(Keys.PULL_VERSION).getAsString(),
        meta.getAsJsonObject("annotations").get(Keys.APPLIED_HASH).getAsString(),
        podSpec(object).has("volumes"),
        false);
  }
}
