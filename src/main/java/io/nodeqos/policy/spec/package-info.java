// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What a policy says: its {@code spec} and the sections of it as values, their decoders, and the
 * canonical form from which the config version is computed. No class here knows a policy, or that
 * there are several.
 */
package io.nodeqos.policy.spec;
