# What a person sets once for all orders: presets, usual models and flags, and the other settings.
preset-unfit = Your preset <code>{ $presets }</code> does not fit here. { $why }
    Save it anew with <code>/preset save</code>, or delete it: <code>/preset delete { $name }</code>. Nothing was held.
preset-unknown-flags = Its flags are not on sale any more.
