namespace FunctionsHost.Functions;

/// <summary>What a key opens; each level includes those before it.</summary>
internal enum AccessLevel
{
    Anonymous,
    Function,
    Admin,
}
