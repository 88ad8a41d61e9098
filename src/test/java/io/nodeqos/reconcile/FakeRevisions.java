// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.Completion;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.reconcile.policies.RevisionWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The ControllerRevisions of an API server, and a cache that shows them on command. */
public final class FakeRevisions implements RevisionWriter {
  private final Map<String, PolicyRevision> stored = new TreeMap<>();
  private final Map<String, PolicyRevision> shown = new TreeMap<>();
  private final Deque<WriteResult> answers = new ArrayDeque<>();
  private final List<String> calls = new ArrayList<>();
  private int uids;

  /** What was asked for, such as {@code create 3} with the generation. */
  public List<String> calls() {
    List<String> all = List.copyOf(calls);
    calls.clear();
    return all;
  }

  public void thenAnswer(WriteResult result) {
    answers.add(result);
  }

  public Map<String, PolicyRevision> stored() {
    return stored;
  }

  /** The cache reaches what is stored. */
  public void show(ClusterListener listener) {
    for (PolicyRevision old : List.copyOf(shown.values())) {
      PolicyRevision now = stored.get(old.name());
      if (now == null || !now.uid().equals(old.uid())) {
        shown.remove(old.name());
        listener.revisionDeleted(old);
      }
    }
    stored.forEach(
        (name, now) -> {
          if (!now.equals(shown.put(name, now))) {
            listener.revisionChanged(now);
          }
        });
  }

  @Override
  public WriteResult create(String json) {
    JsonObject object = JsonParser.parseString(json).getAsJsonObject();
    JsonObject meta = object.getAsJsonObject("metadata");
    String name = meta.get("name").getAsString();
    calls.add("create " + object.get("revision").getAsLong());
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    if (stored.containsKey(name)) {
      return new WriteResult.Conflict();
    }
    stored.put(
        name,
        new PolicyRevision(
            name,
            "r" + ++uids,
            meta.getAsJsonObject("labels").get(Keys.REVISION_OF).getAsString(),
            meta.getAsJsonArray("ownerReferences")
                .get(0)
                .getAsJsonObject()
                .get("uid")
                .getAsString(),
            object.get("revision").getAsLong(),
            object.getAsJsonObject("data").getAsJsonObject("spec"),
            Instant.EPOCH,
            Completion.of(meta.getAsJsonObject("labels").get(Keys.COMPLETED).getAsString())));
    return new WriteResult.Ok("1");
  }

  @Override
  public WriteResult patch(String name, String json) {
    PolicyRevision there = stored.get(name);
    calls.add("patch " + (there == null ? name : there.generation()));
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    if (there == null) {
      return new WriteResult.NotFound();
    }
    JsonObject labels =
        JsonParser.parseString(json)
            .getAsJsonObject()
            .getAsJsonObject("metadata")
            .getAsJsonObject("labels");
    stored.put(
        name,
        new PolicyRevision(
            name,
            there.uid(),
            there.policy(),
            there.policyUid(),
            there.generation(),
            there.spec(),
            there.createdAt(),
            Completion.of(labels.get(Keys.COMPLETED).getAsString())));
    return new WriteResult.Ok("2");
  }

  @Override
  public WriteResult delete(String name, String uid) {
    PolicyRevision there = stored.get(name);
    calls.add("delete " + (there == null ? name : there.generation()));
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    if (there == null) {
      return new WriteResult.NotFound();
    }
    if (!there.uid().equals(uid)) {
      return new WriteResult.Conflict();
    }
    stored.remove(name);
    return new WriteResult.Ok("");
  }
}
