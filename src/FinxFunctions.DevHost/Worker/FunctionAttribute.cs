namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function. The shape of the attribute of the same name in Microsoft.Azure.Functions.Worker.Core.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
