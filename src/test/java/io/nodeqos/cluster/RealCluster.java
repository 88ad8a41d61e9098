// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a real {@link Cluster} and the {@link ControllerImage} as parameters.
 * Where one of them cannot be had, the tests are skipped; with {@code CI=true} in the environment
 * they fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({RealClusterExtension.class, ControllerImageExtension.class})
@interface RealCluster {}
