using FinxFunctions.Tests.Faults.CrashPoints;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>Tests that kill, stop and delay hosts. They run one after the other, because they are sensitive to load.</summary>
[CollectionDefinition("Faults")]
public sealed class OneAtATime : ICollectionFixture<Storage>, ICollectionFixture<CrashTable>;
