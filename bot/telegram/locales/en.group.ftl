# Groups: what their admins allow, and the bot as a member.
group-refused-nobody = 🚫 The admins of this group have switched orders off here. Nothing was charged. In our private chat you can order as usual.
group-refused-admins = 🚫 In this group only its admins may order. Nothing was charged. In our private chat you can order as usual.
group-refused-kind = 🚫 The admins of this group do not allow this here: { $kind }. Nothing was charged. In our private chat you can order it.
group-refused-model = 🚫 The admins of this group do not allow { $model } here. Nothing was charged. Choose another model, or order it in our private chat.
group-refused-cooldown = ⏳ In this group everybody pauses between two orders. Nothing was charged. You can order here again in { $wait }.
