using FinxFunctions.Tests.Faults.CrashPoints;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>What kills, stops and delays hosts: one after the other, for it is sensitive to time.</summary>
[CollectionDefinition("Faults")]
public sealed class OneAtATime : ICollectionFixture<Storage>, ICollectionFixture<CrashTable>;
