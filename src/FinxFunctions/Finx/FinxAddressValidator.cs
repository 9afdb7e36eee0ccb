using FinxFunctions.Primitives;

namespace FinxFunctions.Finx;

/// <summary>Validates the address of finX's API.</summary>
public sealed class FinxAddressValidator : IValidateOptions<FinxOptions>
{
    public ValidateOptionsResult Validate(string? name, FinxOptions options) =>
        SettingAddress.ResultOf(SettingAddress.Validate("Finx__BaseAddress", options.BaseAddress, "https://api.finx-s.qwist.cloud"));
}
