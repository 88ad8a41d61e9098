// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.policy.PolicyObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The policies of an API server, with optimistic locking; it can be told what to answer. */
final class FakePolicyWriter implements PolicyWriter {
  private final Map<String, PolicyObject> policies = new TreeMap<>();
  private final Deque<WriteResult> answers = new ArrayDeque<>();
  private long version = 5000;
  private int calls;
  private int writes;

  /** Somebody applies a policy: a new generation, its status stays. */
  PolicyObject apply(PolicyObject policy) {
    Optional<PolicyObject> before = Optional.ofNullable(policies.get(policy.name()));
    PolicyObject.Meta meta = policy.meta();
    PolicyObject applied =
        new PolicyObject(
            new PolicyObject.Meta(
                meta.name(),
                meta.uid(),
                Long.toString(++version),
                before.map(p -> p.meta().generation() + 1).orElse(1L),
                meta.createdAt(),
                meta.deleting()),
            policy.spec(),
            before.map(PolicyObject::status).orElseGet(JsonObject::new),
            before.map(PolicyObject::confirm).orElse(""));
    policies.put(policy.name(), applied);
    return applied;
  }

  /** A person annotates a policy: no new generation. */
  PolicyObject confirm(String name, String token) {
    PolicyObject before = policies.get(name);
    PolicyObject confirmed =
        new PolicyObject(
            before.withStatus(Long.toString(++version), before.status()).meta(),
            before.spec(),
            before.status(),
            token);
    policies.put(name, confirmed);
    return confirmed;
  }

  void delete(String name) {
    policies.remove(name);
  }

  Map<String, PolicyObject> policies() {
    return policies;
  }

  void thenAnswer(WriteResult result) {
    answers.add(result);
  }

  int calls() {
    return calls;
  }

  int writes() {
    return writes;
  }

  @Override
  public WriteResult patchStatus(String name, String resourceVersion, String statusJson) {
    calls++;
    if (!answers.isEmpty()) {
      return answers.poll();
    }
    PolicyObject policy = policies.get(name);
    if (policy == null) {
      return new WriteResult.NotFound();
    }
    if (!policy.meta().resourceVersion().equals(resourceVersion)) {
      return new WriteResult.Conflict();
    }
    writes++;
    JsonObject status = JsonParser.parseString(statusJson).getAsJsonObject();
    status.entrySet().removeIf(field -> field.getValue().isJsonNull());
    policies.put(name, policy.withStatus(Long.toString(++version), status));
    return new WriteResult.Ok(Long.toString(version));
  }
}
