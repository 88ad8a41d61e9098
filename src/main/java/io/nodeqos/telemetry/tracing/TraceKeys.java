// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import io.opentelemetry.api.common.AttributeKey;

/** Names of attributes: OpenTelemetry's semantic conventions where they have one, else ours. */
final class TraceKeys {
  static final AttributeKey<String> NODE = AttributeKey.stringKey("k8s.node.name");
  static final AttributeKey<String> NODE_UID = AttributeKey.stringKey("k8s.node.uid");
  static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("k8s.namespace.name");
  static final AttributeKey<String> POLICY = AttributeKey.stringKey("nodeqos.policy");
  static final AttributeKey<String> CONFIG_VERSION =
      AttributeKey.stringKey("nodeqos.config.version");
  static final AttributeKey<Long> EPOCH = AttributeKey.longKey("nodeqos.leader.epoch");
  static final AttributeKey<Long> QUEUE_WAIT = AttributeKey.longKey("nodeqos.queue.wait_ms");
  static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("nodeqos.attempt");
  static final AttributeKey<String> TRIGGER = AttributeKey.stringKey("nodeqos.trigger");
  static final AttributeKey<String> RESULT = AttributeKey.stringKey("nodeqos.result");
  static final AttributeKey<String> BOOT_ID = AttributeKey.stringKey("nodeqos.boot.id");
  static final AttributeKey<String> GATE = AttributeKey.stringKey("nodeqos.gate");
  static final AttributeKey<String> GATE_BLOCKER = AttributeKey.stringKey("nodeqos.gate.blocker");
  static final AttributeKey<String> GATE_ACCURACY = AttributeKey.stringKey("nodeqos.gate.accuracy");

  static final AttributeKey<String> POLICY_UID = AttributeKey.stringKey("nodeqos.policy.uid");
  static final AttributeKey<String> REVISION = AttributeKey.stringKey("nodeqos.revision");
  static final AttributeKey<String> STABLE = AttributeKey.stringKey("nodeqos.rollout.stable");
  static final AttributeKey<String> PHASE = AttributeKey.stringKey("nodeqos.rollout.phase");
  static final AttributeKey<String> REASON = AttributeKey.stringKey("nodeqos.rollout.reason");
  static final AttributeKey<Long> STEP = AttributeKey.longKey("nodeqos.rollout.step");
  static final AttributeKey<Long> STEPS = AttributeKey.longKey("nodeqos.rollout.steps");
  static final AttributeKey<Long> NODES = AttributeKey.longKey("nodeqos.rollout.nodes");
  static final AttributeKey<Long> UPDATED = AttributeKey.longKey("nodeqos.rollout.updated");
  static final AttributeKey<Long> FAILED = AttributeKey.longKey("nodeqos.rollout.failed");
  static final AttributeKey<Long> WRITES = AttributeKey.longKey("nodeqos.rollout.writes");

  static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");
  static final AttributeKey<String> URL_TEMPLATE = AttributeKey.stringKey("url.template");
  static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private TraceKeys() {}
}
